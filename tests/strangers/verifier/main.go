// Verifier checks a running server with a log library that is not ours: the one behind Go's checksum database
// (golang.org/x/mod/sumdb/note and tlog). It shares no code with the server and is told nothing but addresses and keys.
//
// It ends with 0 and a JSON summary of what it checked, or with 1 and the first thing that does not hold.
//
// Build it against Debian's packages golang-go and golang-golang-x-mod-dev, without network:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o verifier .
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// many is a flag that may be given several times.
type many []string

func (m *many) String() string     { return strings.Join(*m, " ") }
func (m *many) Set(s string) error { *m = append(*m, s); return nil }

func main() {
	var witnesses, monitors many
	url := flag.String("url", "", "where the server is, with its final slash")
	logKey := flag.String("log-key", "", "verifier key of the log, type 0x01")
	flag.Var(&witnesses, "witness-key", "verifier key of a witness that must have cosigned, type 0x04; may be repeated")
	flag.Var(&monitors, "monitor", "a server whose witness says what it cosigned of this log last; may be repeated")
	seen := flag.String("seen", "", "folder of the checkpoints that earlier runs saw; the new one is added")
	samples := flag.Int64("samples", 1000, "the most entries whose inclusion is proved one by one")
	flag.Parse()

	summary, err := check(*url, *logKey, witnesses, monitors, *seen, *samples)
	if err != nil {
		fmt.Fprintln(os.Stderr, "not verified:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(summary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(url, logKey string, witnesses, monitors []string, seen string, samples int64) (*Summary, error) {
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return nil, fmt.Errorf("the log key: %w", err)
	}
	keys := Keys{log: log}
	for _, text := range witnesses {
		witness, err := newCosigner(text)
		if err != nil {
			return nil, fmt.Errorf("the witness key %s: %w", text, err)
		}
		keys.witnesses = append(keys.witnesses, witness)
	}
	audit := Audit{server: newServer(url), keys: keys, samples: samples}
	if err := audit.run(monitors, seen); err != nil {
		return nil, err
	}
	return &audit.summary, nil
}
