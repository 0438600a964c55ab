package gateway

import (
	"bufio"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"ringfence/internal/integration"
	"ringfence/proof"
)

// A SyncKind takes lines of one kind: what the store tells of its own people and things.
type SyncKind interface {
	// Put takes a line. Generation is the token of the full sync it belongs to, "" for none.
	Put(line []byte, generation string) error
	// Delete removes what a line names.
	Delete(line []byte) (found bool, err error)
	// Complete removes what did not come under a generation.
	Complete(generation string) (removed int, err error)
	// Commit makes everything so far durable.
	Commit() error
}

// Sync is what the store tells the gateway of itself, outside of any call.
type Sync struct {
	Kinds  map[string]SyncKind // by the name that stands in lines
	Forget func(subject string) (removed int, err error)
}

const (
	maxSyncLine  = 1 << 20 // of one line
	maxSyncName  = 100     // of a full sync's token
	maxToldLines = 100     // bad lines named in an answer
	syncStep     = 4096    // lines between two commits
	syncPatience = 30 * time.Second
	maxSyncs     = 4 // at the same time
)

// syncAnswer is what the caller gets.
type syncAnswer struct {
	Lines   int            `json:"lines"`
	Put     map[string]int `json:"put"`
	Deleted map[string]int `json:"deleted"`
	Gone    map[string]int `json:"gone"`
	Forgot  int            `json:"forgot"`
	Bad     int            `json:"bad"`
	Errors  []syncError    `json:"errors"` // the first hundred
	Durable int            `json:"durable_lines"`
	// Failure says why the sync ended early: lines behind durable_lines must be sent again.
	Failure string `json:"failure,omitempty"`
}

type syncError struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// sync takes JSON lines. Each line stands by itself: a bad one is named and the others are taken.
func (g *Gateway) sync(w http.ResponseWriter, r *http.Request) {
	caller, err := g.syncCaller(r)
	if err != nil {
		g.plainRefusal(w, err)
		return
	}
	if g.syncs.Add(1) > maxSyncs {
		g.syncs.Add(-1)
		g.plainRefusal(w, refused(http.StatusTooManyRequests, "too_many_syncs", "Four syncs are under way. Wait for one to end."))
		return
	}
	defer g.syncs.Add(-1)
	began := time.Now()
	s := newSyncRun(g.Sync, r.URL.Query().Get("generation"))
	status := s.run(g.syncBody(w, r))
	entry := s.entry(caller, status)
	entry.Millis = time.Since(began).Milliseconds()
	if _, err := g.Audit.Append(context.WithoutCancel(r.Context()), proof.TypeSync, "", entry); err != nil {
		g.Logger.Error("a sync could not be recorded", "error", err)
		status, s.answer.Failure = http.StatusServiceUnavailable, "audit_unavailable"
	}
	if s.broke != nil {
		g.Logger.Error("a sync broke off", "integration", caller.ID, "error", s.broke)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(s.answer)
}

// syncCaller says who syncs: an integration with that right, or the owner of the data directory.
func (g *Gateway) syncCaller(r *http.Request) (integration.Integration, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if g.Owner != "" && subtle.ConstantTimeCompare([]byte(token), []byte(g.Owner)) == 1 {
		return integration.Integration{ID: "owner", Name: "ringfence people"}, nil
	}
	caller, err := g.caller(r)
	switch {
	case err != nil:
		return caller, err
	case !caller.Sync:
		return caller, refused(http.StatusForbidden, "sync_not_allowed", "This key may not sync. Make one that may with `ringfence key create NAME --sync`.")
	case r.Header.Get("Content-Encoding") != "":
		return caller, refused(http.StatusUnsupportedMediaType, "unsupported_encoding", "Send the lines uncompressed, without Content-Encoding.")
	case len(r.URL.Query().Get("generation")) > maxSyncName:
		return caller, refused(http.StatusBadRequest, "invalid_generation", "A generation has at most 100 characters.")
	}
	return caller, nil
}

// syncBody reads a request as long as it goes on.
func (g *Gateway) syncBody(w http.ResponseWriter, r *http.Request) io.Reader {
	control := http.NewResponseController(w)
	return readerFunc(func(b []byte) (int, error) {
		control.SetReadDeadline(time.Now().Add(syncPatience))
		return r.Body.Read(b)
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// syncRun is one sync under way.
type syncRun struct {
	sync       Sync
	generation string
	answer     syncAnswer
	used       map[string]bool // kinds that lines came of
	full       bool
	broke      error // what is no line's fault
}

func newSyncRun(into Sync, generation string) *syncRun {
	return &syncRun{sync: into, generation: generation, answer: syncAnswer{Put: map[string]int{}, Deleted: map[string]int{},
		Gone: map[string]int{}, Errors: []syncError{}}, used: map[string]bool{}}
}

// TakeLines is a sync without a gateway, as when the owner imports a file while none runs. It returns the answer
// as JSON, and whether all went well.
func TakeLines(lines io.Reader, into Sync, generation string) (answer []byte, ok bool) {
	s := newSyncRun(into, generation)
	status := s.run(lines)
	answer, err := json.Marshal(s.answer)
	if err != nil {
		panic(err) // only numbers and text inside
	}
	return append(answer, '\n'), status == http.StatusOK && s.answer.Bad == 0
}

// run takes all lines and returns the status of the answer.
func (s *syncRun) run(body io.Reader) int {
	in := bufio.NewReaderSize(body, 64<<10)
	for {
		line, tooLong, err := readSyncLine(in)
		if len(line) > 0 || tooLong {
			s.answer.Lines++
			s.line(line, tooLong)
		}
		if s.broke == nil && (err != nil || s.answer.Lines%syncStep == 0) {
			s.commit()
		}
		switch {
		case s.broke != nil:
			s.answer.Failure = "index_unavailable"
			return http.StatusServiceUnavailable
		case err == io.EOF:
			return s.status()
		case err != nil:
			s.answer.Failure = "connection_broke"
			return http.StatusBadRequest
		}
	}
}

// status is 400 where nothing was of use.
func (s *syncRun) status() int {
	if s.answer.Bad > 0 && s.answer.Bad == s.answer.Lines {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// readSyncLine returns the next line without its end. One that is too long is read over.
func readSyncLine(in *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxSyncLine; !tooLong {
			line = append(line, part...)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if tooLong {
			return nil, true, err
		}
		return []byte(strings.TrimSpace(string(line))), false, err
	}
}

// syncLine is what every line has.
type syncLine struct {
	Kind       string   `json:"kind"`
	Delete     bool     `json:"delete"`
	Subject    string   `json:"subject"`
	Generation string   `json:"generation"`
	Kinds      []string `json:"kinds"`
}

// line takes one line and notes what became of it.
func (s *syncRun) line(line []byte, tooLong bool) {
	err := errors.New("the line is longer than 1 MiB")
	if !tooLong {
		err = s.take(line)
	}
	if err == nil {
		return
	}
	s.answer.Bad++
	if len(s.answer.Errors) < maxToldLines {
		s.answer.Errors = append(s.answer.Errors, syncError{s.answer.Lines, err.Error()})
	}
}

func (s *syncRun) take(line []byte) error {
	var l syncLine
	if json.Unmarshal(line, &l) != nil {
		return errors.New("the line is no JSON object, or a field of it is of the wrong type")
	}
	switch l.Kind {
	case "complete":
		return s.complete(l)
	case "forget":
		return s.forget(l.Subject)
	}
	kind, ok := s.sync.Kinds[l.Kind]
	if !ok {
		return errors.New(`the line has no "kind" this gateway knows; it knows ` + strings.Join(s.kinds(), ", ") + ", forget, complete")
	}
	if l.Delete {
		found, err := kind.Delete(line)
		if err == nil && found {
			s.answer.Deleted[l.Kind]++
		}
		return err
	}
	if err := kind.Put(line, s.generation); err != nil {
		return err
	}
	s.used[l.Kind] = true
	s.answer.Put[l.Kind]++
	return nil
}

func (s *syncRun) forget(subject string) error {
	if subject == "" || s.sync.Forget == nil {
		return errors.New("the line does not say whom to forget: it has no subject")
	}
	n, err := s.sync.Forget(subject)
	s.answer.Forgot += n
	return err
}

// complete ends a full sync of the named kinds, else of those that this request brought.
func (s *syncRun) complete(l syncLine) error {
	generation := s.generation
	if l.Generation != "" {
		generation = l.Generation
	}
	if generation == "" {
		return errors.New("the line does not say which generation is complete")
	}
	names := l.Kinds
	if len(names) == 0 {
		names = s.kinds()
		names = slices.DeleteFunc(names, func(n string) bool { return !s.used[n] })
	}
	if len(names) == 0 {
		return errors.New(`nothing came with this request: name the "kinds" that are complete`)
	}
	for _, name := range names {
		kind, ok := s.sync.Kinds[name]
		if !ok {
			return errors.New("one of the kinds is not known")
		}
		n, err := kind.Complete(generation)
		if err != nil {
			return err
		}
		s.answer.Gone[name] += n
	}
	s.full = true
	return nil
}

// kinds returns the names of the kinds, in order.
func (s *syncRun) kinds() []string { return slices.Sorted(maps.Keys(s.sync.Kinds)) }

// commit makes the lines so far durable. A kind may share its store with others; committing twice is harmless.
func (s *syncRun) commit() {
	for _, kind := range s.sync.Kinds {
		if s.broke = kind.Commit(); s.broke != nil {
			return
		}
	}
	s.answer.Durable = s.answer.Lines
}

// entry is what the log says of the sync.
func (s *syncRun) entry(caller integration.Integration, status int) proof.Sync {
	e := proof.Sync{Integration: caller.ID, Name: caller.Name, Put: s.answer.Put, Deleted: s.answer.Deleted, Gone: s.answer.Gone,
		Forgot: s.answer.Forgot, Bad: s.answer.Bad, Full: s.full, Outcome: "done", Reason: s.answer.Failure}
	switch {
	case status != http.StatusOK:
		e.Outcome = "failed"
	case s.answer.Bad > 0:
		e.Outcome = "partly"
	}
	return e
}
