package valueset

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// CircularError says that a value set refers to itself, by others or not: Path is their
// canonicals, from the one that was asked for to the one that came again.
type CircularError struct{ Path []string }

// Error names the value set that came again, and the way to it.
func (e *CircularError) Error() string {
	return fmt.Sprintf("value set %s refers to itself: %v", e.Path[len(e.Path)-1], e.Path)
}

// circular returns the error that the value set name came again after path.
func circular(op string, path []string, name string) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &CircularError{append(path[:len(path):len(path)], name)}}
}
