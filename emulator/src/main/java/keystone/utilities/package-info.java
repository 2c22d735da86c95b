/// The version of the assembler, as [keystone.Keystone#version()] gives it.
@NullMarked
@CheckReturnValue
package keystone.utilities;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
