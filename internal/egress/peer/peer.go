// Package peer asks the kernel which user of this machine holds the other end
// of a loopback connection.
//
// First step: [Users.Owner]. Promise: it names the user who opened the
// socket, or fails. Danger: whoever runs as a user is that user: two programs
// of one user cannot be told apart, and a container without a user namespace
// of its own shares the numbers.
package peer

import (
	"errors"
	"net/netip"
	"os/user"
	"strconv"
	"sync"
)

// ErrNotFound says that no socket of this machine is the other end.
var ErrNotFound = errors.New("peer: no socket of this machine has that address")

// Users names users. Its zero value is ready.
type Users struct {
	names sync.Map // uid -> name
}

// Owner returns the name of the user who opened the connection from client to
// proxy; a user without a name is called by number, as in uid:33.
func (u *Users) Owner(client, proxy netip.AddrPort) (string, error) {
	uid, err := owner(client, proxy)
	if err != nil {
		return "", err
	}
	if name, known := u.names.Load(uid); known {
		return name.(string), nil
	}
	name := "uid:" + strconv.FormatUint(uint64(uid), 10)
	if found, err := user.LookupId(strconv.FormatUint(uint64(uid), 10)); err == nil {
		name = found.Username
	}
	u.names.Store(uid, name)
	return name, nil
}
