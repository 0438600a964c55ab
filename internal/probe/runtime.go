package probe

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/probe/fastcgi"
	"ringfence/internal/residency"
)

// CLI is the PHP of the command line.
type CLI struct {
	Program string // path or name
	User    string // whom it runs as; "" is the caller. Another needs root
}

func (c CLI) String() string { return strings.TrimSpace(c.Program + " " + c.User) }

// Run gives the script to PHP by -r, so that no file is needed.
func (c CLI) Run(ctx context.Context, script, input string) (string, error) {
	cmd := exec.CommandContext(ctx, c.Program, "-r", strings.TrimPrefix(script, "<?php"))
	cmd.Stdin, cmd.Dir, cmd.WaitDelay = strings.NewReader(input), "/", time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if c.User != "" {
		id, err := credential(c.User)
		if err != nil {
			return "", err
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: id}
	}
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w %.200s", c, err, errs.String())
	}
	return out.String(), nil
}

func credential(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// FPM is a pool of PHP-FPM.
type FPM struct {
	Socket string // path, or host:port on this machine
	Dir    string // where the script is put for the pool to read; "" is the system's
}

func (f FPM) String() string { return "php-fpm " + f.Socket }

// Run puts the script where the pool can read it, for as long as it runs.
func (f FPM) Run(ctx context.Context, script, input string) (string, error) {
	dir, err := os.MkdirTemp(f.Dir, "ringfence-probe-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "probe.php")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	conn, err := f.dial(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now()) })
	defer stop()
	got, err := fastcgi.Do(conn, map[string]string{
		"SCRIPT_FILENAME": file, "SCRIPT_NAME": "/probe.php", "REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json",
		"CONTENT_LENGTH": strconv.Itoa(len(input)), "SERVER_PROTOCOL": "HTTP/1.1", "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_URI": "/probe.php",
	}, input)
	if err != nil {
		return "", fmt.Errorf("%s: %w; if the pool cannot see %s, name another folder with --dir", f, err, dir)
	}
	return got.Body, nil
}

func (f FPM) dial(ctx context.Context) (net.Conn, error) {
	var d residency.Dialer
	if filepath.IsAbs(f.Socket) {
		return d.DialContext(ctx, "unix", f.Socket)
	}
	return d.DialContext(ctx, "tcp", f.Socket)
}

// Sockets lists the pools of this machine.
func Sockets() []string {
	var found []string
	for _, pattern := range []string{"/run/php/*.sock", "/run/php-fpm/*.sock", "/var/run/php-fpm.sock"} {
		got, _ := filepath.Glob(pattern) // the patterns are well formed
		found = append(found, got...)
	}
	return found
}
