/// Files of the host, shown to the guest to read and never to write: directories the user asked for, and the
/// programs.
///
/// Nothing outside what was given can be reached: names are looked up one by one, `..` never leaves the guest's
/// tree, the host never follows a symbolic link (the guest does, within its own tree), and only regular files,
/// directories and links are shown at all. Start reading at `HostFileSystem`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.host;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
