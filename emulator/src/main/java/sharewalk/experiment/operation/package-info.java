/// Operations on a region that processes share, taken apart: what each took under a design, and what it left behind.
///
/// Start with [sharewalk.experiment.operation.OperationRun], which reads the guest program `operations`: its phases
/// give the figures, its output what came of each operation. Everything here is a pure function of a run's result.
@NullMarked
@CheckReturnValue
package sharewalk.experiment.operation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
