package sharewalk.assembly;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import keystone.Keystone;
import keystone.KeystoneArchitecture;
import keystone.KeystoneMode;
import keystone.exceptions.AssembleFailedKeystoneException;
import keystone.exceptions.KeystoneException;
import keystone.exceptions.KeystoneUnavailableException;
import sharewalk.cpu.GuestIsa;

/// An x86-64 program assembled by Keystone.
///
/// Keystone gives one flat piece of code and no symbols. So `.data` is placed behind `.text` on a page of its own, and
/// two words behind all tell where `_start` and `.data` came to lie; they do not reach the file.
final class X86Assembly {
    private static final int BASE = 0x401000;
    private static final int TRAILER_BYTES = 2 * Long.BYTES;

    private X86Assembly() {}

    static byte[] assemble(String name, String text) throws AssemblyException {
        SectionedSource source = SectionedSource.of(text);
        try (Keystone keystone = new Keystone(KeystoneArchitecture.X86, KeystoneMode.Mode64)) {
            return link(name, source, encode(keystone, name, source));
        } catch (KeystoneUnavailableException | KeystoneException e) {
            throw new AssemblyException(name + " cannot be assembled: " + e.getMessage());
        } catch (IllegalStateException e) {
            throw new AssemblyException(name + " makes Keystone fail: it knows no numeric labels, macros without end or"
                    + " section directives behind other statements of a line");
        }
    }

    private static byte[] encode(Keystone keystone, String name, SectionedSource source) throws AssemblyException {
        try {
            return keystone.assemble(source.flat(), BASE).getMachineCode();
        } catch (AssembleFailedKeystoneException e) {
            throw new FaultyLine(keystone, source).describe(name, e);
        }
    }

    private static byte[] link(String name, SectionedSource source, byte[] flat) throws AssemblyException {
        int end = flat.length - TRAILER_BYTES;
        ByteBuffer trailer = ByteBuffer.wrap(flat, end, TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long entry = trailer.getLong();
        int textBytes = (int) (trailer.getLong() - BASE);
        if (source.isTextEmpty() || textBytes == 0) {
            throw new AssemblyException(name + " has no instruction in .text");
        }
        byte[] code = Arrays.copyOfRange(flat, 0, textBytes);
        byte[] data = Arrays.copyOfRange(flat, textBytes, end);
        return StaticElf.write(GuestIsa.X86_64, BASE, entry, code, data);
    }
}
