package sharewalk.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sharewalk.cost.Cost;
import sharewalk.cost.CostTable;
import sharewalk.cost.Primitive;
import sharewalk.cpu.GuestIsa;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.mmu.tlb.TlbHierarchyGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.mmu.walk.WalkerProfile;
import sharewalk.yaml.Excerpt;
import sharewalk.yaml.YamlFile;

/// Makes a [Machine] of the text of a profile.
final class MachineReader {
    /// What a file of it is called in messages.
    static final String NOUN = "machine profile";

    private static final List<String> KEYS = List.of(
            "name",
            "title",
            "description",
            "isa",
            "calibrated-on",
            "tlbs",
            "walker",
            "pte-caches",
            "tags",
            "kernel",
            "costs");
    private static final List<String> WALKER_KEYS = List.of(
            "walk-cache",
            "walkers",
            "paging",
            "hardware-update",
            "gib-pages",
            "napot",
            "memory-types",
            "narrow-table-invalidation");
    private static final List<String> TAG_KEYS = List.of("asid-bits", "shared-domains", "shared-walk-cache");
    private static final List<String> RANGE = List.of("low", "typical", "high");
    private static final int MOST_CYCLES = 100_000_000;
    private static final int MOST_MHZ = 100_000;
    private static final int MOST_WALKERS = 64;
    private static final int LONGEST_TITLE = 200;
    private static final int MOST_PAGES = 1 << 20;

    private final List<Figure> figures = new ArrayList<>();
    private final SectionReader profile;
    private final @Nullable String fromFile;

    private MachineReader(String file, String text, boolean sourcesRequired) {
        SectionReader.Reading reading = new SectionReader.Reading(new YamlFile(file, NOUN), sourcesRequired, figures);
        fromFile = sourcesRequired ? null : Excerpt.of(file);
        profile = SectionReader.ofDocument(reading, text, KEYS);
    }

    /// Returns the machine that a profile describes.
    ///
    /// @param file the name of the file, for messages
    /// @throws sharewalk.yaml.YamlFileException if it describes none
    static Machine read(String file, String text, boolean sourcesRequired) {
        return new MachineReader(file, text, sourcesRequired).machine();
    }

    private Machine machine() {
        String name = profile.word("name", MachineReader::name);
        String title = profile.word("title", MachineReader::title);
        String description = profile.prose("description");
        @Nullable GuestIsa isa = profile.text("isa").equals("any") ? null : profile.word("isa", MachineReader::isa);
        @Nullable
        GuestIsa calibratedOn = profile.has("calibrated-on") ? profile.word("calibrated-on", MachineReader::isa) : null;
        TlbHierarchyGeometry tlbs = TlbSection.read(profile.section("tlbs", TlbSection.KEYS));
        SectionReader walker = profile.section("walker", WALKER_KEYS);
        PageWalkCacheGeometry walkCache = walker.figure("walk-cache", PageWalkCacheGeometry::parse);
        int walkers = walker.number("walkers", 1, MOST_WALKERS);
        Set<PagingMode> paging = walker.figure("paging", text -> pagingModes(text, isa));
        Set<PagingFeature> features = features(walker);
        PteCacheGeometry pteCaches = PteCacheSection.read(profile.sections("pte-caches", PteCacheSection.KEYS));
        TagRules tags = tags(profile.section("tags", TAG_KEYS));
        SectionReader kernel = profile.section("kernel", List.of("page-flush-ceiling", "remote-invalidation"));
        OptionalInt ceiling = kernel.figure("page-flush-ceiling", MachineReader::ceiling);
        RemoteInvalidation remote = kernel.figure("remote-invalidation", text -> remote(text, isa));
        MachineProfile hardware =
                new MachineProfile(name, tlbs, new WalkerProfile(walkCache, pteCaches, features), tags, remote);
        @Nullable Pricing pricing = profile.has("costs") ? pricing(name) : null;
        return new Machine(
                name,
                title,
                description,
                fromFile,
                isa,
                calibratedOn,
                hardware,
                walkers,
                paging,
                new KernelTuning(ceiling),
                pricing,
                figures);
    }

    /// No processor of today shares tags, so that only a machine that does says so.
    private static TagRules tags(SectionReader tags) {
        int asidBits = tags.number("asid-bits", 0, 16);
        boolean domains = tags.has("shared-domains") && tags.decision("shared-domains");
        boolean walkCache = tags.has("shared-walk-cache") && tags.decision("shared-walk-cache");
        return tags.checked(() -> new TagRules(asidBits, domains, walkCache));
    }

    private static Set<PagingFeature> features(SectionReader walker) {
        Set<PagingFeature> features = EnumSet.noneOf(PagingFeature.class);
        for (PagingFeature feature : PagingFeature.values()) {
            if (walker.decision(feature.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                features.add(feature);
            }
        }
        return features;
    }

    /// A price that is left out is the reference's; one that contradicts those that stay is refused.
    private Pricing pricing(String name) {
        List<String> known = Stream.concat(
                        Stream.of("clock-mhz"), Stream.of(Primitive.values()).map(Primitive::key))
                .toList();
        SectionReader section = profile.section("costs", known);
        int clockMhz = section.number("clock-mhz", 1, MOST_MHZ);
        String clockBasis = section.lastFigure().basis();
        Map<Primitive, Cost> own = new EnumMap<>(Primitive.class);
        for (Primitive primitive : Primitive.values()) {
            if (section.has(primitive.key())) {
                List<Integer> range = section.numbers(primitive.key(), RANGE, MOST_CYCLES);
                Figure figure = section.lastFigure();
                own.put(primitive, section.checked(() -> cost(range, figure)));
            }
        }
        Pricing pricing = new Pricing(clockMhz, clockBasis, own);
        for (GuestIsa isa : GuestIsa.all()) {
            CostTable ignored = section.checked(() -> pricing.table(name, isa));
        }
        return pricing;
    }

    private static Cost cost(List<Integer> range, Figure figure) {
        return new Cost(range.get(0), range.get(1), range.get(2), figure.basis(), figure.isGuess());
    }

    private static String name(String text) {
        if (!text.matches("[a-z0-9][a-z0-9-]{0,39}")) {
            throw new IllegalArgumentException(
                    "'%s' is no name; it is made of a-z, 0-9 and -".formatted(Excerpt.of(text)));
        }
        return text;
    }

    private static String title(String text) {
        if (text.codePointCount(0, text.length()) > LONGEST_TITLE) {
            throw new IllegalArgumentException("a title has at most %d characters".formatted(LONGEST_TITLE));
        }
        return text;
    }

    private static GuestIsa isa(String text) {
        for (GuestIsa isa : GuestIsa.all()) {
            if (isa.name().equals(text)) {
                return isa;
            }
        }
        throw new IllegalArgumentException(
                "there is no instruction set '%s'; there are riscv64 and x86_64".formatted(Excerpt.of(text)));
    }

    private static Set<PagingMode> pagingModes(String text, @Nullable GuestIsa isa) {
        Set<PagingMode> modes = EnumSet.noneOf(PagingMode.class);
        for (String word : SectionReader.words(text)) {
            modes.add(pagingMode(word));
        }
        if (isa != null && Collections.disjoint(modes, isa.pagingModes())) {
            throw new IllegalArgumentException("'%s' has no paging mode of %s".formatted(text, isa.name()));
        }
        return modes;
    }

    private static PagingMode pagingMode(String word) {
        for (PagingMode mode : PagingMode.values()) {
            if (PagingModeName.of(mode).equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("there is no paging mode '%s'; there are %s"
                .formatted(
                        Excerpt.of(word),
                        String.join(
                                ", ",
                                Stream.of(PagingMode.values())
                                        .map(PagingModeName::of)
                                        .toList())));
    }

    private static OptionalInt ceiling(String text) {
        if (text.equals("kernel")) {
            return OptionalInt.empty();
        }
        if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) > MOST_PAGES) {
            throw new IllegalArgumentException(
                    "'%s' is neither 'kernel' nor a number of pages up to %d".formatted(Excerpt.of(text), MOST_PAGES));
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private static RemoteInvalidation remote(String text, @Nullable GuestIsa isa) {
        for (RemoteInvalidation kind : RemoteInvalidation.values()) {
            if (kind.key().equals(text)) {
                @Nullable GuestIsa owner = owner(kind);
                if (isa != null && owner != null && !owner.equals(isa)) {
                    throw new IllegalArgumentException(
                            "'%s' is of %s, and this machine is of %s".formatted(text, owner.name(), isa.name()));
                }
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no '%s'; there are %s"
                .formatted(
                        Excerpt.of(text),
                        String.join(
                                ", ",
                                Stream.of(RemoteInvalidation.values())
                                        .map(RemoteInvalidation::key)
                                        .toList())));
    }

    /// Arm's way is allowed on both, as a what-if.
    private static @Nullable GuestIsa owner(RemoteInvalidation kind) {
        return switch (kind) {
            case SBI -> GuestIsa.RISCV64;
            case INVLPGB -> GuestIsa.X86_64;
            case IPI, TLBI -> null;
        };
    }
}
