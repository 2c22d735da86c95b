/// Java bindings for Unicorn Engine 2.1 on the Foreign Function & Memory API.
///
/// Two doors lead in. [unicorn.Unicorn] has the class, method and constant names of the official Java bindings, so
/// that source written for those compiles and behaves the same. [unicorn.Engine] is the same engine for a caller that
/// is called back millions of times a second: primitives only, nothing allocated per call, error codes instead of
/// exceptions. The package needs nothing but `libunicorn` and knows nothing of its users.
///
/// Start reading at [unicorn.Engine].
@NullMarked
package unicorn;

import org.jspecify.annotations.NullMarked;
