package sharewalk.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// Walk caches as `32/4`.
final class WalkCacheConverter implements ITypeConverter<PageWalkCacheGeometry> {
    @Override
    public PageWalkCacheGeometry convert(String text) {
        try {
            return PageWalkCacheGeometry.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
