/// YAML that people write: sections, lists and words, read strictly, so that whatever is wrong with a file is one
/// sentence with file, line and key ([sharewalk.yaml.YamlFileException]).
///
/// Start with [sharewalk.yaml.YamlSection]: every key asked for must be there, every key there must be known. Knows
/// nothing of what the files mean.
@NullMarked
@CheckReturnValue
package sharewalk.yaml;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
