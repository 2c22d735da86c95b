/// Renderers: a result becomes text, JSON or CSV, and nothing else happens.
///
/// Start with [sharewalk.report.TextReport] and [sharewalk.report.JsonReport]; both take a
/// [sharewalk.experiment.RunResult]. May use experiments and what those are made of.
@NullMarked
@CheckReturnValue
package sharewalk.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
