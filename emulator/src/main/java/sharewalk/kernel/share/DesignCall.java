package sharewalk.kernel.share;

import java.util.function.ToLongFunction;
import sharewalk.abi.SystemCall;

/// A system call that a design brings: which, and what it does. It never waits.
///
/// `body` is given the six argument registers, of which an `int` sets the low half only, and returns what goes to the
/// result register: a value, or a negative error number. Who calls is told by [CallingTask].
public record DesignCall(SystemCall call, ToLongFunction<long[]> body) {}
