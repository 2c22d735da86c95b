package sharewalk.abi;

/// The numbers of userfaultfd(2) (`linux/userfaultfd.h`).
public final class UserFault {
    public static final int UFFD_USER_MODE_ONLY = 1;
    public static final long UFFD_API = 0xaa;
    public static final int UFFD_EVENT_PAGEFAULT = 0x12;

    public static final int UFFDIO_API = 0xc018_aa3f;
    public static final int UFFDIO_REGISTER = 0xc020_aa00;
    public static final int UFFDIO_UNREGISTER = 0x8010_aa01;
    public static final int UFFDIO_WAKE = 0x8010_aa02;
    public static final int UFFDIO_COPY = 0xc028_aa03;
    public static final int UFFDIO_ZEROPAGE = 0xc020_aa04;
    public static final int UFFDIO_WRITEPROTECT = 0xc018_aa06;
    public static final int UFFDIO_CONTINUE = 0xc020_aa07;

    public static final long UFFD_FEATURE_PAGEFAULT_FLAG_WP = 1;
    public static final long UFFD_FEATURE_MISSING_SHMEM = 1 << 5;
    public static final long UFFD_FEATURE_MINOR_SHMEM = 1 << 10;
    public static final long UFFD_FEATURE_EXACT_ADDRESS = 1 << 11;
    public static final long UFFD_FEATURE_WP_SHMEM = 1 << 12;

    public static final int UFFDIO_REGISTER_MODE_MISSING = 1;
    public static final int UFFDIO_REGISTER_MODE_WP = 2;
    public static final int UFFDIO_REGISTER_MODE_MINOR = 4;

    public static final int UFFD_PAGEFAULT_FLAG_WRITE = 1;
    public static final int UFFD_PAGEFAULT_FLAG_WP = 2;
    public static final int UFFD_PAGEFAULT_FLAG_MINOR = 4;

    public static final int UFFDIO_COPY_MODE_DONTWAKE = 1;
    public static final int UFFDIO_COPY_MODE_WP = 2;
    public static final int UFFDIO_ZEROPAGE_MODE_DONTWAKE = 1;
    public static final int UFFDIO_WRITEPROTECT_MODE_WP = 1;
    public static final int UFFDIO_WRITEPROTECT_MODE_DONTWAKE = 2;
    public static final int UFFDIO_CONTINUE_MODE_DONTWAKE = 1;

    private UserFault() {}
}
