package sharewalk.assembly;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final Duration TIME_LIMIT = Duration.ofMinutes(1);
    private static final int TRAILER_BYTES = 2 * Long.BYTES;

    private X86Assembly() {}

    static byte[] assemble(String name, String text) throws AssemblyException {
        requireKeystone(name);
        return assemble(name, text, TIME_LIMIT);
    }

    // Before the time counts: the first use may have to fetch it.
    private static void requireKeystone(String name) throws AssemblyException {
        try {
            if (!Keystone.isArchitectureSupported(KeystoneArchitecture.X86)) {
                throw new AssemblyException(name + " cannot be assembled: this Keystone knows no x86");
            }
        } catch (KeystoneUnavailableException e) {
            throw new AssemblyException(name + " cannot be assembled: " + e.getMessage());
        }
    }

    // In a thread of its own: Keystone reads some wrong texts for ever, but its interpreter ends at an interrupt.
    static byte[] assemble(String name, String text, Duration limit) throws AssemblyException {
        FutureTask<byte[]> task = new FutureTask<>(() -> assembleUnlimited(name, text));
        Thread worker = Thread.ofPlatform().daemon().name("keystone").start(task);
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssemblyException(
                    e.getCause() instanceof AssemblyException known
                            ? String.valueOf(known.getMessage())
                            : name + " cannot be assembled: " + e.getCause());
        } catch (TimeoutException e) {
            throw new AssemblyException(name + " was not assembled within " + limit.toSeconds()
                    + " s; Keystone reads some wrong lines for ever, as .byte with a comma too many");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssemblyException("assembling " + name + " was interrupted");
        } finally {
            worker.interrupt();
        }
    }

    private static byte[] assembleUnlimited(String name, String text) throws AssemblyException {
        SectionedSource source = SectionedSource.of(text);
        try (Keystone keystone = new Keystone(KeystoneArchitecture.X86, KeystoneMode.Mode64)) {
            return link(name, source, encode(keystone, name, source));
        } catch (KeystoneException e) {
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
