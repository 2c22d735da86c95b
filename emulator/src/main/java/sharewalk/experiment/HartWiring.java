package sharewalk.experiment;

import sharewalk.cpu.unicorn.UnicornCpu;
import sharewalk.kernel.ReturnCheck;
import sharewalk.kernel.mm.flush.HartTranslations;

/// The way by which a kernel's invalidations reach its harts. Tests put another in between.
interface HartWiring {
    /// Every invalidation arrives.
    HartWiring STRAIGHT = new HartWiring() {
        @Override
        public HartTranslations connect(UnicornCpu hart, HartTranslations translations) {
            return translations;
        }

        @Override
        public ReturnCheck check(ReturnCheck installed) {
            return installed;
        }
    };

    /// Returns what the kernel is given in place of a hart's translations.
    HartTranslations connect(UnicornCpu hart, HartTranslations translations);

    /// Returns what is asked in place of the sanitizer before a hart returns to its program.
    ReturnCheck check(ReturnCheck installed);
}
