package sharewalk.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.share.Designs;
import sharewalk.machine.PagingModeName;
import sharewalk.mmu.paging.PagingMode;

/// What the words for designs mean: `NAME` or `NAME:VARIANT`, and `all` where several may be named.
final class DesignOptions {
    /// Stands for every design.
    static final String ALL = "all";

    private DesignOptions() {}

    /// Returns the texts of several designs, each once, `all` being the name of every one.
    static List<String> texts(List<String> words) {
        SequencedSet<String> texts = new LinkedHashSet<>();
        for (String word : Listed.once("--designs", "design", words)) {
            if (word.equals(ALL)) {
                Designs.all().forEach(design -> texts.add(design.name()));
            } else {
                var _ = named(word);
                texts.add(word);
            }
        }
        return new ArrayList<>(texts);
    }

    /// Returns the design of a text, which must work with a paging mode.
    static SharingDesign design(String text, PagingMode paging) {
        SharingDesign design = named(text);
        if (!design.supports(paging)) {
            throw CommandFailure.usage(
                    "The design '%s' does not work with %s.".formatted(text, PagingModeName.of(paging)));
        }
        return design;
    }

    /// Returns the design of a text.
    static SharingDesign named(String text) {
        return Designs.named(text).orElseThrow(() -> CommandFailure.usage(unknown(text)));
    }

    private static String unknown(String text) {
        int mark = text.indexOf(Designs.VARIANT_MARK);
        Optional<SharingDesign> base = mark < 0 ? Optional.empty() : Designs.named(text.substring(0, mark));
        if (base.isEmpty()) {
            return "There is no sharing design '%s'; there are %s."
                    .formatted(
                            text,
                            Designs.all().stream().map(SharingDesign::name).collect(Collectors.joining(", ")));
        }
        String variants =
                base.get().variants().stream().map(SharingDesign.Variant::name).collect(Collectors.joining(", "));
        return "The design '%s' has no variant '%s'; %s."
                .formatted(
                        base.get().name(),
                        text.substring(mark + 1),
                        variants.isEmpty() ? "it has none" : "it has " + variants);
    }
}
