/// Waiting for something to happen: queues of waiters, woken in the order they came.
///
/// Whoever makes a blocked call possible again wakes the queue; what waking means is the waiter's own affair. Uses
/// nothing else of Sharewalk. Start reading at `WaitQueue`.
@NullMarked
package sharewalk.kernel.wait;

import org.jspecify.annotations.NullMarked;
