/// The cost model: cycles from counters, by a table of what each operation takes on a machine.
///
/// Start with [sharewalk.cost.CostModel]; what has a price is listed in [sharewalk.cost.Primitive], the prices of a
/// machine stand in a [sharewalk.cost.CostTable], each with its source. Nothing here runs anything: another table needs
/// no other run. May use counters only.
@NullMarked
@CheckReturnValue
package sharewalk.cost;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
