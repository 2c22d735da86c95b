/// Machine profiles: what a real part's translation hardware looks like, what its kernel does with it and what its
/// operations cost, each figure with its source.
///
/// Start with [sharewalk.machine.Machines], which has the shipped ones and reads users' own; a profile is a value,
/// [sharewalk.machine.Machine]. Files are checked strictly: whatever is wrong with one is a sentence with file, line
/// and key ([sharewalk.yaml.YamlFileException]).
@NullMarked
@CheckReturnValue
package sharewalk.machine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
