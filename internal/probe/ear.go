package probe

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"ringfence/internal/residency"
)

// ear listens on an address of this machine for the word, over TCP and UDP, so
// that what arrives is known and not guessed.
type ear struct {
	word string
	tcp  net.Listener
	udp  net.PacketConn
	done sync.WaitGroup

	mu  sync.Mutex
	got map[string]bool // ways that arrived
}

// listen opens an ear. A machine without any address but loopback has nothing
// to listen on, and an ear that hears nothing.
func listen(word string) (*ear, error) {
	own, err := residency.OwnAddrs()
	if err != nil {
		return nil, err
	}
	e := &ear{word: word, got: map[string]bool{}}
	a, ok := addressOf(own)
	if !ok {
		return e, nil
	}
	for range 20 { // until one port is free for both
		if e.tcp, err = net.Listen("tcp", net.JoinHostPort(a.String(), "0")); err != nil {
			return nil, fmt.Errorf("the probe's listener: %w", err)
		}
		if e.udp, err = net.ListenPacket("udp", e.tcp.Addr().String()); err == nil {
			break
		}
		e.tcp.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("the probe's listener: %w", err)
	}
	e.done.Go(e.hearTCP)
	e.done.Go(e.hearUDP)
	return e, nil
}

func (e *ear) addresses() []string {
	if e.tcp == nil {
		return []string{}
	}
	return []string{e.tcp.Addr().String()}
}

func (e *ear) is(to string) bool { return e.tcp != nil && to == e.tcp.Addr().String() }

func (e *ear) heard(to, way string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.is(to) && e.got[way]
}

func (e *ear) close() {
	if e.tcp == nil {
		return
	}
	e.tcp.Close()
	e.udp.Close()
	e.done.Wait()
}

func (e *ear) hearTCP() {
	for {
		conn, err := e.tcp.Accept()
		if err != nil {
			return
		}
		e.done.Go(func() { e.answer(conn) })
	}
}

// answer reads one line and says something that HTTP clients understand.
func (e *ear) answer(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(3 * time.Second))
	line, _ := bufio.NewReaderSize(conn, 1024).ReadString('\n')
	e.note(line)
	if strings.HasPrefix(line, "GET ") {
		fmt.Fprint(conn, "HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nyes")
	}
}

func (e *ear) hearUDP() {
	b := make([]byte, 512)
	for {
		n, _, err := e.udp.ReadFrom(b)
		if err != nil {
			return
		}
		e.note(string(b[:n]))
	}
}

// note reads the way from "WORD WAY", or from a request for /WORD/WAY, which
// only counts here if it came straight.
func (e *ear) note(line string) {
	_, rest, ok := strings.Cut(line, e.word)
	if !ok || len(rest) < 2 {
		return
	}
	way, _, _ := strings.Cut(strings.TrimSpace(rest[1:]), " ")
	e.mu.Lock()
	defer e.mu.Unlock()
	if way != "curl_environment" { // it may have come through the proxy, by a rule that allows it
		e.got[way] = true
	}
}
