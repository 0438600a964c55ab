package peer

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// The kernel's sock_diag interface: linux/inet_diag.h.
const (
	requestSize = 16 + 56
	byFamily    = 20 // SOCK_DIAG_BY_FAMILY
	uidAt       = 16 + 64
)

// owner looks one connection up by its four numbers. A netlink socket leads to
// the kernel and nowhere else.
func owner(client, proxy netip.AddrPort) (uint32, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return 0, fmt.Errorf("peer: %w", err)
	}
	defer unix.Close(fd)
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1})
	if err := unix.Sendto(fd, request(client, proxy), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, fmt.Errorf("peer: %w", err)
	}
	answer := make([]byte, 4096)
	n, from, err := unix.Recvfrom(fd, answer, 0)
	if err != nil {
		return 0, fmt.Errorf("peer: %w", err)
	}
	if k, ok := from.(*unix.SockaddrNetlink); !ok || k.Pid != 0 {
		return 0, ErrNotFound // not from the kernel
	}
	if n < uidAt+4 || binary.NativeEndian.Uint16(answer[4:]) != byFamily {
		return 0, ErrNotFound
	}
	if binary.BigEndian.Uint16(answer[22:]) != proxy.Port() { // a listener on the client's port, not the client
		return 0, ErrNotFound
	}
	return binary.NativeEndian.Uint32(answer[uidAt:]), nil
}

// request asks for the socket whose own end is the client. A dual-stack
// listener shows IPv4 as mapped IPv6, but the client's socket is of its own
// family.
func request(client, proxy netip.AddrPort) []byte {
	b := make([]byte, requestSize)
	from, to := client.Addr().Unmap(), proxy.Addr().Unmap()
	binary.NativeEndian.PutUint32(b[0:], requestSize)
	binary.NativeEndian.PutUint16(b[4:], byFamily)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST)
	b[16] = unix.AF_INET6
	if from.Is4() {
		b[16] = unix.AF_INET
	}
	b[17] = unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(b[20:], 0xffffffff) // any state
	binary.BigEndian.PutUint16(b[24:], client.Port())
	binary.BigEndian.PutUint16(b[26:], proxy.Port())
	copy(b[28:44], from.AsSlice())
	copy(b[44:60], to.AsSlice())
	for i := 64; i < 72; i++ { // no cookie
		b[i] = 0xff
	}
	return b
}
