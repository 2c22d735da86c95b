/// The adapter between the port of a hart and Unicorn Engine: the only package that runs guest instructions.
///
/// [UnicornCpu] is one hart, [SoftTlb] ties the engine's own translation cache to the modelled data TLB, [BlockCounter]
/// counts instructions and feeds the modelled instruction TLB. Start with the run loop of [UnicornCpu].
@NullMarked
@CheckReturnValue
package sharewalk.cpu.unicorn;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
