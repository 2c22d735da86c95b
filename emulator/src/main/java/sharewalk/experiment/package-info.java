/// Experiments: what is run on which machine, and what came of it, as values.
///
/// Start with [sharewalk.experiment.ExperimentSpec], which names everything that can change a result, and
/// [sharewalk.experiment.RunResult], which holds the result. A result knows no clock and no host, so that two runs of
/// one spec are equal. May use everything but observers, renderers and the command line.
@NullMarked
@CheckReturnValue
package sharewalk.experiment;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
