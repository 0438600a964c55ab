package flow

import (
	"regexp"
	"slices"

	"ringfence/internal/scan/php"
)

// stale are names of copies people leave beside the file that is used.
var stale = regexp.MustCompile(`(?i)[-_. ](?:old|bak|backup|orig|original|copy|deprecated|unused|save)(?:[-_. ]?\d*)\.php$|(?:^|/)(?:old|backup|deprecated|unused)/`)

// staleLast orders files so that the one in use declares a name first.
func staleLast(files []*php.File) []*php.File {
	list := slices.Clone(files)
	slices.SortStableFunc(list, func(a, b *php.File) int {
		x, y := stale.MatchString(a.Path), stale.MatchString(b.Path)
		switch {
		case x == y:
			return 0
		case x:
			return 1
		}
		return -1
	})
	return list
}
