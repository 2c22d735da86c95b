package sharewalk.kernel.share.msharefs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sharewalk.kernel.share.CallingTask;

/// The tasks that created regions (patch 17): a list for each task, given up when it exits.
final class RegionOwners {
    private final CallingTask caller;
    private final Map<Long, List<MshareRegion>> regions = new LinkedHashMap<>();

    RegionOwners(CallingTask caller) {
        this.caller = caller;
    }

    CallingTask caller() {
        return caller;
    }

    /// Notes that the calling task created a region.
    void created(MshareRegion region) {
        regions.computeIfAbsent(caller.id(), _ -> new ArrayList<>()).add(region);
    }

    /// Forgets a region that is gone.
    void forget(MshareRegion region) {
        regions.values().forEach(owned -> owned.remove(region));
    }

    void exited(long taskId) {
        List<MshareRegion> owned = regions.remove(taskId);
        if (owned != null) {
            owned.forEach(MshareRegion::ownerExited);
        }
    }
}
