/// Java bindings for the Keystone assembler under the names of the official Java bindings.
///
/// Start at [keystone.Keystone]. The assembler itself is a system `libkeystone` where there is one that knows x86
/// ([keystone.NativeKeystone]), else Keystone's WebAssembly build run in the JVM ([keystone.WasmKeystone]), fetched
/// once by [keystone.NpmPackage] into the project's own folder. Uses nothing of the house.
///
/// The symbol resolver of the official bindings is not here: its signature is made of JNA types.
@NullMarked
@CheckReturnValue
package keystone;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
