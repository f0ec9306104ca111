package search

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The bounds of a list of words.
const (
	maxListed     = 4 << 20  // words
	maxListedLine = 64 << 10 // bytes
)

// ReadWords reads a list of words for BuilderOptions.Words: a word on each line, and what
// follows a slash, a tab or a # is left out, as in the lists of spelling checkers. Text
// that is not UTF-8 is read as ISO-8859-1, in which many such lists are. Lines that are
// not one word, such as the count at the head of a list, are passed over. The error is
// Invalid when the list is too long, or holds no word at all; it names file and line.
func ReadWords(r io.Reader, file string) ([]string, error) {
	const op = "search.ReadWords"
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxListedLine)
	var words []string
	n := 0
	for lines.Scan() {
		n++
		line := lines.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if bytes.IndexByte(line, 0) >= 0 {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &terminology.RowError{File: file, Line: n, Err: fmt.Errorf("this is no text: want a word on each line")}}
		}
		if i := bytes.IndexAny(line, "/\t#"); i >= 0 {
			line = line[:i]
		}
		text := string(line)
		if !utf8.ValidString(text) {
			text = latin1(line)
		}
		tokens := language.Tokens(text)
		if len(tokens) != 1 || strings.IndexFunc(tokens[0], isDigit) >= 0 {
			continue
		}
		if len(words) == maxListed {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &terminology.RowError{File: file, Line: n, Err: fmt.Errorf("more than %d words", maxListed)}}
		}
		words = append(words, tokens[0])
	}
	switch err := lines.Err(); {
	case err == bufio.ErrTooLong:
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &terminology.RowError{File: file, Line: n + 1, Err: fmt.Errorf("the line is longer than %d bytes: want a word on each line", maxListedLine)}}
	case err != nil:
		return nil, &terminology.Error{Op: op, Err: fmt.Errorf("%s: %w", file, err)}
	case len(words) == 0:
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s holds no words: want one on each line", file)}
	}
	return words, nil
}

// wordsFile is the list of words that an index was built with.
const wordsFile = "words.txt"

// writeWords keeps the words of BuilderOptions in the folder of the index.
func writeWords(dir string, words []string) error {
	if len(words) == 0 {
		return nil
	}
	words = slices.Compact(slices.Sorted(slices.Values(words)))
	return writeSynced(filepath.Join(dir, wordsFile), []byte(strings.Join(words, "\n")+"\n"))
}

// KeptWords returns the words that the index in a folder was built with besides those of
// its release (BuilderOptions.Words), in order; nil when there were none.
func KeptWords(dir string) ([]string, error) {
	f, err := os.Open(filepath.Join(dir, wordsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &terminology.Error{Op: "search.KeptWords", Err: err}
	}
	defer f.Close()
	return ReadWords(f, wordsFile)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}
