/// What [keystone.Keystone] throws: one exception per kind of call, and one for a host without any Keystone.
@NullMarked
@CheckReturnValue
package keystone.exceptions;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
