package sharewalk.kernel.process;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sharewalk.abi.AuxVector;

/// The bytes exec leaves at the top of a new stack: the counted arguments, the environment, the auxiliary vector, and
/// the strings they point at (System V ABI, 3.4.1; Linux puts the file's name at the very top).
///
/// @param stackPointer where the program starts, a multiple of 16
/// @param bytes what lies from there to the end of the stack
@SuppressWarnings("ArrayRecordComponent") // handed over, never kept
public record InitialStack(long stackPointer, byte[] bytes) {
    /// More than this of strings and pointers is too much (E2BIG), for any stack limit.
    public static final int ARGUMENT_LIMIT = 2 << 20;

    private static final int RANDOM_BYTES = 16;

    /// What a stack is built from.
    ///
    /// @param random sixteen bytes for AT_RANDOM
    /// @param auxiliary pairs of key and value without those that point into the stack
    @SuppressWarnings("ArrayRecordComponent") // handed over, never kept
    public record Content(
            String path,
            List<String> arguments,
            List<String> environment,
            String platform,
            byte[] random,
            List<long[]> auxiliary) {
        /// Returns about how many bytes it takes.
        public long sizeBytes() {
            long size = (long) path.length() + platform.length() + RANDOM_BYTES;
            for (String text : arguments) {
                size += text.length() + 1L + Long.BYTES;
            }
            for (String text : environment) {
                size += text.length() + 1L + Long.BYTES;
            }
            return size;
        }
    }

    /// Lays out a stack that ends at `top`.
    public static InitialStack build(long top, Content content) {
        Strings strings = new Strings(top - Long.BYTES);
        long path = strings.push(content.path());
        List<Long> environment = strings.pushAll(content.environment());
        List<Long> arguments = strings.pushAll(content.arguments());
        long platform = strings.push(content.platform());
        long random = strings.push(content.random());
        List<Long> words = new ArrayList<>();
        words.add((long) arguments.size());
        words.addAll(arguments);
        words.add(0L);
        words.addAll(environment);
        words.add(0L);
        for (long[] pair : content.auxiliary()) {
            words.add(pair[0]);
            words.add(pair[1]);
        }
        words.addAll(List.of((long) AuxVector.AT_RANDOM, random, (long) AuxVector.AT_EXECFN, path));
        words.addAll(List.of((long) AuxVector.AT_PLATFORM, platform, (long) AuxVector.AT_NULL, 0L));
        long stackPointer = (strings.lowest() & -16L) - (long) words.size() * Long.BYTES & -16L;
        byte[] image = new byte[(int) (top - stackPointer)];
        ByteBuffer bytes = FrameBytes.wrap(image);
        for (long word : words) {
            bytes.putLong(word);
        }
        strings.copyTo(bytes, stackPointer);
        return new InitialStack(stackPointer, image);
    }

    /// The strings, the first one highest.
    private static final class Strings {
        private final long end;
        private final List<byte[]> pieces = new ArrayList<>();
        private long lowest;

        Strings(long end) {
            this.end = end;
            lowest = end;
        }

        long lowest() {
            return lowest;
        }

        long push(String text) {
            return push((text + "\0").getBytes(StandardCharsets.ISO_8859_1));
        }

        long push(byte[] piece) {
            pieces.add(piece);
            lowest -= piece.length;
            return lowest;
        }

        /// Pushes strings so that the first lies lowest, as exec does.
        List<Long> pushAll(List<String> texts) {
            List<Long> addresses = new ArrayList<>();
            for (String text : texts.reversed()) {
                addresses.addFirst(push(text));
            }
            return addresses;
        }

        void copyTo(ByteBuffer stack, long stackPointer) {
            ByteArrayOutputStream all = new ByteArrayOutputStream((int) (end - lowest));
            pieces.reversed().forEach(all::writeBytes);
            stack.put((int) (lowest - stackPointer), all.toByteArray());
        }
    }
}
