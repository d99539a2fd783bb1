"""Tries: files of the machine that a student has no business with: users, shadows, hosts, kernel,
devices.
Must: none of them can be opened."""
# expect: wrong_values
import numpy as np

NAMES = (
    "/etc/passwd",
    "/etc/shadow",
    "/etc/hostname",
    "/etc/hosts",
    "/sys/kernel/mm",
    "/dev/kmsg",
    "/dev/mem",
)
NAMES += (
    "/dev/tty",
    "/dev/ptmx",
    "/dev/sda",
    "/dev/vda",
    "/dev/fuse",
    "/dev/kvm",
    "/sys/class/net/lo/address",
)
NAMES += (
    "/var/run/docker.sock",
    "/proc/1/environ",
    "/proc/cpuinfo",
    "/proc/net/tcp",
    "/root/.bashrc",
)


def stolen():
    for name in NAMES:
        for mode in ("rb", "ab"):
            try:
                open(name, mode, buffering=0).close()
                return True
            except OSError:
                pass
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
