// Package residency knows where an address is, by evidence, and holds the only
// dialer of the product.
//
// First step: give a [Dialer]'s DialContext to whatever opens connections, or
// ask its Decide first and hand the decision to its Dial. Promise: every
// address that a name resolves to is judged, and exactly an address that was
// judged is dialled; what is neither declared nor evidenced is refused.
// Danger: resolving a name already tells it to a DNS server, so decide on
// names before a dialer is asked.
package residency
