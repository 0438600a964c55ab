package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/config"
	"ringfence/internal/egress"
	"ringfence/internal/engine"
	"ringfence/internal/facts"
	"ringfence/internal/gateway"
	"ringfence/internal/guard"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/mask/shelf"
	"ringfence/internal/meter"
	"ringfence/internal/model"
	"ringfence/internal/people"
	"ringfence/proof"
)

// service is a whole gateway: its parts, in the order they start.
type service struct {
	config   *config.Config
	data     string
	log      *slog.Logger
	audit    *audit.Log
	keys     *integration.Registry
	gateway  *gateway.Gateway
	listener net.Listener
	owner    string
	people   *people.Index
	facts    *facts.Index
	places   *places
	names    *nameServer

	egressAt  net.Listener // of the egress proxy; nil: there is none
	egressErr error        // why there is none although there should be
	egress    *egress.Proxy

	engine     engine.Engine // from here on set by startEngine
	stopEngine func()
	engineAt   string // where a local engine runs; empty: its place in data
	place      proof.Engine
	files      model.Files  // of a local engine
	layers     []string     // of its sandbox
	record     func([]byte) // sees every body a local engine is sent; for tests

	embedder   engine.Embedder // nil: calls for vectors are refused
	embedPlace proof.Engine
	vectors    string // what embeds, for people
}

// openService opens what does not need an engine. Whatever is in the way (a
// second gateway on the same data, a port that is taken) shows here, before
// anything long begins.
func openService(p *place, log *slog.Logger) (*service, error) {
	c, err := config.Load(p.config)
	if err != nil {
		return nil, err
	}
	s := &service{config: c, data: p.data, log: log, owner: rand.Text()}
	if err := s.open(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *service) open() (err error) {
	c := s.config
	if err := openData(s.data); err != nil {
		return err
	}
	if s.places, err = openPlacesTold(c, s.data, s.log); err != nil {
		return err
	}
	if s.audit, err = audit.Open(audit.Options{Dir: auditDir(s.data), Origin: c.Audit.Origin}); err != nil {
		return auditProblem(s.data, err)
	}
	if s.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return listenProblem(c.Listen, err)
	}
	if s.names, err = openNames(c, s.places); err != nil {
		return err
	}
	s.keys = integration.Open(keysFile(s.data))
	if s.people, err = openPeople(s.data, c, false); err != nil {
		return peopleProblem(s.data, err)
	}
	if s.facts, err = openFacts(s.data); err != nil {
		return fmt.Errorf("what the store keeps to itself cannot be read, and without it answers would give it away: %w", err)
	}
	s.egressAt, s.egressErr = openEgress(c)
	return nil
}

// policyOf is the policy with what the store knows of its own people.
func (s *service) policyOf(c *config.Config) (gateway.Policy, error) {
	policy, err := policyOf(c)
	if err == nil {
		policy.Masker = mask.New(maskOptions(c, s.people))
	}
	return policy, err
}

func peopleProblem(data string, err error) error {
	if errors.Is(err, people.ErrInUse) {
		return fmt.Errorf("`ringfence people` works on %s just now; try again when it is done", data)
	}
	return fmt.Errorf("the index of the store's people cannot be opened, and without it customers' names would pass: %w", err)
}

func auditProblem(data string, err error) error {
	var locked *audit.LockedError
	if errors.As(err, &locked) {
		return fmt.Errorf("another gateway (process %d) already works on %s; stop it, or give this one its own --data", locked.PID, data)
	}
	return fmt.Errorf("the audit log cannot be opened, and without it nothing may flow: %w", err)
}

func listenProblem(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; stop it, or set another `listen` in ringfence.yaml", address)
	}
	return fmt.Errorf("the gateway cannot listen on %s: %w; set another `listen` in ringfence.yaml", address, err)
}

// build puts the road together once the engine is there.
func (s *service) build() error {
	key, err := secret(s.data)
	if err != nil {
		return err
	}
	policy, err := s.policyOf(s.config)
	if err != nil {
		return err
	}
	c := s.config
	kept, err := shelf.Open(filepath.Join(s.data, "conversations"), key)
	if err != nil {
		return fmt.Errorf("the folder of conversations cannot be opened: %w", err)
	}
	s.gateway = gateway.New(gateway.Options{
		Keys:  s.keys,
		Meter: meter.New(meter.Options{Concurrent: c.Engine.Slots, Queue: c.Engine.Queue.Max, Wait: c.Engine.Queue.Wait}),
		Vaults: mask.NewVaults(mask.VaultsOptions{
			Vault: vaultOptions(c), Max: c.Mask.Conversation.Max, Idle: c.Mask.Conversation.Idle, Shelf: kept,
		}),
		Memory: guard.NewMemory(guard.MemoryOptions{HalfLife: c.Guard.Probing.HalfLife, Slow: c.Guard.Probing.Slow, Stop: c.Guard.Probing.Stop}),
		Engine: s.engine, Place: s.place, Embedder: s.embedder, EmbedPlace: s.embedPlace,
		Audit: s.audit, Secret: key, Owner: s.owner, Sync: withFacts(syncOf(s.people), s.facts), Known: s.facts.Known(), Policy: policy, Logger: s.log,
	})
	if s.egressAt != nil {
		s.egress, err = newEgress(egressParts{c, s.data, s.keys, s.audit, s.gateway, policy.Masker, s.log, s.places})
	}
	return err
}

// serve answers calls until ctx ends, then lets the calls under way finish.
func (s *service) serve(ctx context.Context) error {
	r := running{Address: dialable(s.listener.Addr()), PID: os.Getpid(), Owner: s.owner}
	if err := r.write(s.data); err != nil {
		return err
	}
	defer os.Remove(runningFile(s.data))
	var underWay sync.WaitGroup
	server := &http.Server{
		Handler:           counted(&underWay, s.withBrowsers(s.gateway.Handler())),
		ReadHeaderTimeout: s.config.Limits.Timeouts.Header,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	go s.places.watch(ctx, s.log)
	go s.names.serve(ctx, s.log)
	go config.Watch(ctx, s.config, 2*time.Second, s.reload)
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(s.listener) }()
	second, stop := context.WithCancel(ctx)
	var egressEnd sync.WaitGroup
	if s.egress != nil {
		egressEnd.Go(func() {
			if err := serveEgress(second, s.egressAt, s.egress, s.config); err != nil {
				failed <- err
			}
		})
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		s.log.Info("stopping; calls under way may finish")
	}
	stop()
	egressEnd.Wait() // intercepted calls end at the gateway
	return errors.Join(err, finish(server, &underWay))
}

// patience is how long calls under way may take to finish.
const patience = 10 * time.Second

// finish stops a server once its calls have ended, or cuts off those that last.
func finish(server *http.Server, underWay *sync.WaitGroup) error {
	grace, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	if server.Shutdown(grace) == nil {
		return nil
	}
	err := server.Close()
	underWay.Wait() // they write the entries that say so
	return err
}

// counted lets others wait for the calls under way.
func counted(n *sync.WaitGroup, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		defer n.Done()
		h.ServeHTTP(w, r)
	})
}

// reload takes a changed configuration, or keeps the old one when it is bad.
func (s *service) reload(c *config.Config, err error) {
	var policy gateway.Policy
	if err == nil {
		policy, err = s.policyOf(c)
	}
	var second egress.Policy
	if err == nil {
		second, err = egressPolicy(c)
	}
	if err != nil {
		s.log.Error("the changed configuration cannot be used; the old one stays in force", "error", err)
		return
	}
	s.gateway.Use(policy)
	if s.egress != nil {
		s.egress.Use(second)
	}
	s.log.Info("the changed configuration is in force, but for settings that need a restart", "file", c.Path)
}

// close releases what was opened, as far as it came.
func (s *service) close() {
	if s.listener != nil {
		s.listener.Close()
	}
	s.names.close()
	if s.egressAt != nil {
		s.egressAt.Close()
	}
	if s.people != nil {
		s.closed("the index of the store's people", s.people.Close())
	}
	if s.audit != nil {
		s.closed("the audit log", s.audit.Close())
	}
}

func (s *service) closed(what string, err error) {
	if err != nil {
		s.log.Error(what+" did not close cleanly", "error", err)
	}
}

// dialable is an address of this machine that reaches the listener.
func dialable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
