// Package mmdbtest writes tiny geo databases for tests, in the MaxMind DB
// format that operators' databases have. No real database is part of this
// repository.
package mmdbtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"
)

// A Row says what a database holds about a network. Zero fields are left out.
type Row struct {
	Country string // as country.iso_code
	Flat    string // as country_code, the other habit
	ASN     uint32
}

// Write writes the database of rows, built then, and its checksum beside it.
func Write(t testing.TB, path string, built time.Time, rows map[string]Row) {
	t.Helper()
	b := Bytes(built, rows)
	Put(t, path, b, fmt.Sprintf("%x  %s\n", sha256.Sum256(b), path))
}

// Put writes a file and what stands in its checksum file.
func Put(t testing.TB, path string, b []byte, sum string) {
	t.Helper()
	for name, content := range map[string][]byte{path: b, path + ".sha256": []byte(sum)} {
		if err := os.WriteFile(name+".new", content, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(name+".new", name); err != nil {
			t.Fatal(err)
		}
	}
}

type node struct {
	next [2]*node
	data int // offset in the data section plus one; 0 for none
}

// Bytes is the database of rows: an IPv6 tree with records of 32 bits, in which
// IPv4 lies below ::/96.
func Bytes(built time.Time, rows map[string]Row) []byte {
	root, data := &node{}, []byte{}
	var networks []string
	for n := range rows {
		networks = append(networks, n)
	}
	slices.Sort(networks)
	for _, n := range networks {
		p := netip.MustParsePrefix(n)
		leaf, bits := root, p.Bits()
		raw := p.Addr().As16()
		if p.Addr().Is4() {
			raw = netip.AddrFrom16(raw).As16()
			raw[10], raw[11] = 0, 0
			bits += 96
		}
		for i := range bits {
			bit := raw[i/8] >> (7 - i%8) & 1
			if leaf.next[bit] == nil {
				leaf.next[bit] = &node{}
			}
			leaf = leaf.next[bit]
		}
		leaf.data = len(data) + 1
		data = append(data, record(rows[n])...)
	}
	tree, count := flatten(root, len(data))
	out := append(tree, make([]byte, 16)...)
	out = append(out, data...)
	return append(out, metadata(built, count)...)
}

// flatten numbers the nodes and writes them; a missing branch is the number of
// nodes, a leaf points behind them.
func flatten(root *node, _ int) ([]byte, int) {
	var order []*node
	number := map[*node]int{}
	var walk func(*node)
	walk = func(n *node) {
		if n == nil || n.data != 0 {
			return
		}
		number[n] = len(order)
		order = append(order, n)
		walk(n.next[0])
		walk(n.next[1])
	}
	walk(root)
	var tree []byte
	for _, n := range order {
		for _, next := range n.next {
			value := len(order)
			switch {
			case next == nil:
			case next.data != 0:
				value = len(order) + 16 + next.data - 1
			default:
				value = number[next]
			}
			tree = binary.BigEndian.AppendUint32(tree, uint32(value))
		}
	}
	return tree, len(order)
}

func record(r Row) []byte {
	var pairs [][]byte
	if r.Country != "" {
		pairs = append(pairs, text("country"), object(text("iso_code"), text(r.Country)))
	}
	if r.Flat != "" {
		pairs = append(pairs, text("country_code"), text(r.Flat))
	}
	if r.ASN != 0 {
		pairs = append(pairs, text("autonomous_system_number"), number(6, uint64(r.ASN)))
	}
	return object(pairs...)
}

func metadata(built time.Time, nodes int) []byte {
	return append([]byte("\xab\xcd\xefMaxMind.com"), object(
		text("binary_format_major_version"), number(5, 2), text("binary_format_minor_version"), number(5, 0),
		text("build_epoch"), number(9, uint64(built.Unix())), text("database_type"), text("test"),
		text("description"), object(text("en"), text("test")), text("ip_version"), number(5, 6), text("languages"), append([]byte{0, 4}, []byte{}...),
		text("node_count"), number(6, uint64(nodes)), text("record_size"), number(5, 32),
	)...)
}

func text(s string) []byte {
	if len(s) >= 29 {
		panic("mmdbtest: text too long")
	}
	return append([]byte{2<<5 | byte(len(s))}, s...)
}

func object(pairs ...[]byte) []byte {
	return append([]byte{7<<5 | byte(len(pairs)/2)}, bytes.Join(pairs, nil)...)
}

// number writes an unsigned integer of type kind: 5 uint16, 6 uint32, 9 uint64.
func number(kind int, v uint64) []byte {
	raw := bytes.TrimLeft(binary.BigEndian.AppendUint64(nil, v), "\x00")
	if kind > 7 {
		return append([]byte{byte(len(raw)), byte(kind - 7)}, raw...)
	}
	return append([]byte{byte(kind<<5 | len(raw))}, raw...)
}
