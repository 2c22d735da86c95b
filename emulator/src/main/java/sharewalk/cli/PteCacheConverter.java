package sharewalk.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sharewalk.mmu.walk.PteCacheGeometry;

/// Data caches as `32K/8+1M/16`.
final class PteCacheConverter implements ITypeConverter<PteCacheGeometry> {
    @Override
    public PteCacheGeometry convert(String text) {
        try {
            return PteCacheGeometry.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
