/// Descriptors that count events (eventfd(2)).
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.event;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
