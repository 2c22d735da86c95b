/// The command line: options become a spec, a result becomes files and a report, and whatever can be expected to go
/// wrong becomes one sentence and an exit status.
///
/// Start with [sharewalk.cli.Main] and [sharewalk.cli.RunCommand]. May use everything.
@NullMarked
@CheckReturnValue
package sharewalk.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
