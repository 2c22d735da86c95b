package sharewalk.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Whole numbers, with words for what is none.
final class WholeNumbers {
    private WholeNumbers() {}

    /// Makes a command and those below it read numbers so.
    static CommandLine readBy(CommandLine line) {
        ITypeConverter<Integer> ofInt = text -> read(text, Integer::decode);
        ITypeConverter<Long> ofLong = text -> read(text, Long::decode);
        return line.registerConverter(int.class, ofInt)
                .registerConverter(Integer.class, ofInt)
                .registerConverter(long.class, ofLong)
                .registerConverter(Long.class, ofLong);
    }

    private static <T> T read(String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (NumberFormatException _) {
            String fault = text.matches("[+-]?[0-9]+") ? "is too large a number" : "is not a whole number";
            throw new TypeConversionException("'%s' %s".formatted(text, fault));
        }
    }
}
