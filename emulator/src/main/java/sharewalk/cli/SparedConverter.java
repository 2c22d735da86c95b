package sharewalk.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.mmu.count.FlushCause;

/// Causes of flushes that can be spared, as `munmap`.
final class SparedConverter implements ITypeConverter<FlushCause> {
    @Override
    public FlushCause convert(String text) {
        try {
            return MissExplanation.parseSpared(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
