/// The sanitizer: no hart may translate by what its tables do not say.
///
/// Start with [sharewalk.sanitize.Sanitizer]. [sharewalk.sanitize.ChangeJournal] remembers who changed which table and
/// who was told. Both look and change nothing.
@NullMarked
@CheckReturnValue
package sharewalk.sanitize;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
