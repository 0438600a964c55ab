package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"ringfence/internal/model/child"
	"ringfence/internal/model/progress"
	"ringfence/internal/model/unpack"
)

// tree is the folder with the source, complete when it exists.
func (j Job) tree() string { return filepath.Join(j.Work, "source-"+Recipe()[:12]) }

// gitEnv keeps the operator's git settings (hooks, filters, templates) out of it.
var gitEnv = []string{"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TEMPLATE_DIR=", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"}

// source unpacks the needed part of the bundle, and our own files beside it.
func (j Job) source(ctx context.Context, tools Tools) error {
	if _, err := os.Stat(j.tree()); err == nil {
		return nil
	}
	j.Progress.Step(stepSource, 0, 1, progress.Files)
	part, repo := j.tree()+".part", filepath.Join(j.Work, "bundle.git")
	for _, old := range []string{part, repo} {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(part, "front"), 0o755); err != nil {
		return err
	}
	err := errors.Join(j.export(ctx, tools, repo, part), os.RemoveAll(repo))
	if err != nil {
		return fmt.Errorf("unpack the engine source: %w", err)
	}
	for _, name := range frontFiles() {
		content, err := front.ReadFile(name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(part, name), content, 0o644); err != nil {
			return err
		}
	}
	j.Progress.Step(stepSource, 1, 1, progress.Files)
	return os.Rename(part, j.tree())
}

// export streams the tree out of git, so that git checks its objects but never
// writes work files, runs filters or follows links.
func (j Job) export(ctx context.Context, tools Tools, repo, dir string) error {
	_, err := child.Run(ctx, child.Command{
		Name: tools.Git, Args: []string{"clone", "--bare", "--quiet", "--", j.Bundle, repo}, Env: gitEnv, Dir: j.Work, Held: j.Held,
	})
	if err != nil {
		return err
	}
	args := append([]string{"--git-dir", repo, "archive", "--format=tar", j.Commit, "--"}, treePaths...)
	cmd := child.Prepare(ctx, child.Command{Name: tools.Git, Args: args, Env: gitEnv, Dir: j.Work, Held: j.Held})
	said := &child.Tail{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	planted := unpack.Tree(out, dir)
	if planted != nil {
		_ = cmd.Cancel() // nobody reads its output any more
	}
	return errors.Join(planted, child.Failure(ctx, tools.Git, cmd.Wait(), said))
}
