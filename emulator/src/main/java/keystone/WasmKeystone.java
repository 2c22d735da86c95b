package keystone;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import keystone.exceptions.KeystoneUnavailableException;

/// Keystone's WebAssembly build, interpreted in the JVM.
///
/// Interpreted, not compiled at run time: one program is one or a few calls. Measured on two cores: interpreted 1 s
/// to load and 0.15 s per call, compiled 5 s and 0.01 s, so compiling would pay from the thirtieth call on.
///
/// The module's exports have one-letter names. Only one thread is inside at a time. A failure inside (a trap, an abort,
/// no memory left) leaves its memory in an unknown state: the object then refuses every further call.
final class WasmKeystone implements KeystoneLibrary {
    private static final int VERSION_BITS = 0xffff;
    private static final int OUT_BYTES = 12;
    private static final long NO_SUCH_CALL = 52;

    private final Instance instance;
    private final Memory memory;
    private final int out;
    private boolean usable = true;

    private WasmKeystone(Instance instance) {
        this.instance = instance;
        memory = instance.memory();
        int _ = call("v");
        out = call("G", OUT_BYTES);
    }

    /// Returns the library made from the bytes of its module.
    static WasmKeystone load(byte[] bytes) {
        try {
            WasmModule module = Parser.parse(bytes);
            return new WasmKeystone(Instance.builder(module)
                    .withImportValues(
                            ImportValues.builder().addFunction(imports(module)).build())
                    .build());
        } catch (ChicoryException e) {
            throw new KeystoneUnavailableException("Keystone's WebAssembly build does not start: " + e.getMessage(), e);
        }
    }

    private static ImportFunction[] imports(WasmModule module) {
        return IntStream.range(0, module.importSection().importCount())
                .mapToObj(module.importSection()::getImport)
                .filter(FunctionImport.class::isInstance)
                .map(FunctionImport.class::cast)
                .map(function -> new HostFunction(
                        function.module(),
                        function.name(),
                        module.typeSection().getType(function.typeIndex()),
                        (caller, arguments) -> host(function.name(), caller, arguments)))
                .toArray(ImportFunction[]::new);
    }

    // The module's view of its host: memory to grow into, no environment, no files.
    private static long[] host(String name, Instance caller, long[] arguments) {
        return switch (name) {
            case "s" -> new long[] {grow(caller.memory(), arguments[0] & 0xffff_ffffL) ? 1 : 0};
            case "m", "n" -> noEnvironment(name, caller.memory(), arguments);
            case "a", "h", "t" -> throw new ChicoryException("Keystone gave up inside (import " + name + ")");
            default -> new long[] {NO_SUCH_CALL};
        };
    }

    private static boolean grow(Memory memory, long bytes) {
        long pages = (bytes + Memory.PAGE_SIZE - 1) / Memory.PAGE_SIZE - memory.pages();
        return pages <= 0 || (pages <= memory.maximumPages() && memory.grow((int) pages) >= 0);
    }

    private static long[] noEnvironment(String name, Memory memory, long[] arguments) {
        if (name.equals("n")) {
            memory.writeI32((int) arguments[0], 0);
            memory.writeI32((int) arguments[1], 0);
        }
        return new long[] {0};
    }

    @Override
    public synchronized int version() {
        return call("w", 0, 0) & VERSION_BITS;
    }

    @Override
    public synchronized boolean supports(int architecture) {
        return call("z", architecture) != 0;
    }

    @Override
    public synchronized String errorText(int error) {
        return memory.readCString(call("y", error));
    }

    @Override
    public synchronized Opened open(int architecture, int mode) {
        memory.writeI32(out, 0);
        int error = call("A", architecture, mode, out);
        return new Opened(error, memory.readInt(out));
    }

    @Override
    public synchronized void close(long handle) {
        int _ = call("B", handle);
    }

    @Override
    public synchronized int option(long handle, int type, long value) {
        return call("C", handle, type, value);
    }

    @Override
    public synchronized Assembled assemble(long handle, String text, long address) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int source = call("G", bytes.length + 1);
        if (source == 0) {
            return new Assembled(KeystoneError.Nomem.value(), new byte[0], 0);
        }
        memory.write(source, bytes);
        memory.writeByte(source + bytes.length, (byte) 0);
        memory.write(out, new byte[OUT_BYTES]);
        int failed = call("E", handle, source, address, out, out + 4, out + 8);
        int error = failed == 0 ? 0 : call("x", handle);
        int code = memory.readInt(out);
        byte[] encoded = error == 0 ? memory.readBytes(code, memory.readInt(out + 4)) : new byte[0];
        Assembled result = new Assembled(error, encoded, memory.readInt(out + 8));
        if (code != 0) {
            int _ = call("D", code);
        }
        int _ = call("H", source);
        return result;
    }

    @Override
    public synchronized boolean isUsable() {
        return usable;
    }

    /// Returns how much memory the module has grown to, in pages of 64 KiB.
    synchronized int memoryPages() {
        return memory.pages();
    }

    private int call(String export, long... arguments) {
        if (!usable) {
            throw new IllegalStateException("Keystone failed inside before; open a new one");
        }
        boolean returned = false;
        try {
            ExportFunction function = instance.export(export);
            long[] results = function.apply(arguments);
            returned = true;
            return results == null || results.length == 0 ? 0 : (int) results[0];
        } catch (ChicoryException e) {
            throw new IllegalStateException("Keystone failed inside: " + e.getMessage(), e);
        } finally {
            usable = returned;
        }
    }
}
