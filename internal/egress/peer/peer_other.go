//go:build !linux

package peer

import "net/netip"

func owner(netip.AddrPort, netip.AddrPort) (uint32, error) { return 0, ErrNotFound }
