package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

// Summary says how much was checked, so that whoever runs this can see that it was everything.
type Summary struct {
	Size         int64 `json:"size"`
	Cosignatures int   `json:"cosignatures"`
	Bundles      int   `json:"bundles"`
	Entries      int64 `json:"entries"`
	Tiles        int   `json:"tiles"`
	Inclusions   int   `json:"inclusions"`
	Receipts     int   `json:"receipts"`
	Consistent   int   `json:"consistent"`
	Absent       int   `json:"absent"`
	Monitored    int   `json:"monitored"`
}

// Audit is one look at one server.
type Audit struct {
	server  *Server
	keys    Keys
	samples int64
	tree    tlog.Tree
	entries [][]byte
	// hashes of the whole tree, computed from the entries alone, in the library's storage order.
	hashes  []tlog.Hash
	summary Summary
}

func (a *Audit) run(monitors []string, seen string) error {
	checkpoint, err := a.server.get("log/checkpoint")
	if err != nil {
		return err
	}
	if a.tree, err = a.keys.open(checkpoint, a.keys.witnesses); err != nil {
		return fmt.Errorf("the checkpoint: %w", err)
	}
	a.summary.Size, a.summary.Cosignatures = a.tree.N, len(a.keys.witnesses)
	steps := []func() error{a.readEntries, a.readTiles, a.proveInclusion, a.lookBeyond}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	for _, monitor := range monitors {
		if err := a.readMonitor(monitor); err != nil {
			return err
		}
	}
	return a.compareWithSeen(seen, checkpoint)
}

// ReadHashes reads from the tree that was computed from the entries.
func (a *Audit) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(a.hashes)) {
			return nil, fmt.Errorf("the tree has no hash %d", index)
		}
		found = append(found, a.hashes[index])
	}
	return found, nil
}

// readEntries reads every bundle, computes the tree from the entries alone, and compares its root with what was signed.
func (a *Audit) readEntries() error {
	for first := int64(0); first < a.tree.N; first += 1 << height {
		width := int(min(a.tree.N-first, 1<<height))
		entries, err := a.server.bundle(tlog.Tile{H: height, L: -1, N: first >> height, W: width})
		if err != nil {
			return err
		}
		for i, entry := range entries {
			hashes, err := tlog.StoredHashes(first+int64(i), entry, a)
			if err != nil {
				return err
			}
			a.hashes = append(a.hashes, hashes...)
		}
		a.entries = append(a.entries, entries...)
		a.summary.Bundles++
	}
	a.summary.Entries = int64(len(a.entries))
	root, err := a.rootAt(a.tree.N)
	if err != nil {
		return err
	}
	if root != a.tree.Hash {
		return fmt.Errorf("the entries hash to %v, the checkpoint says %v", root, a.tree.Hash)
	}
	return nil
}

func (a *Audit) rootAt(size int64) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, a)
}

// readTiles reads every tile of every level, each partial one at every width it ever had, and compares it with the tree.
func (a *Audit) readTiles() error {
	for _, tile := range tlog.NewTiles(height, 0, a.tree.N) {
		expected, err := tlog.ReadTileData(tile, a)
		if err != nil {
			return err
		}
		served, err := a.server.tile(tile)
		if err != nil {
			return err
		}
		if !bytes.Equal(served, expected) {
			return fmt.Errorf("/%s is not what the entries hash to", path(tile))
		}
		a.summary.Tiles++
	}
	return nil
}

// proveInclusion proves entries from the served tiles, looks them up by their hash, and checks the receipts that are served.
func (a *Audit) proveInclusion() error {
	step := a.tree.N/a.samples + 1
	for index := int64(0); index < a.tree.N; index += step {
		if err := a.proveEntry(index); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
		if index < a.tree.N-1 && index+step >= a.tree.N {
			index = a.tree.N - 1 - step // the last entry in any case
		}
	}
	return nil
}

func (a *Audit) proveEntry(index int64) error {
	entry := a.entries[index]
	leaf := tlog.RecordHash(entry)
	proof, err := tlog.ProveRecord(a.tree.N, index, tlog.TileHashReader(a.tree, a.server))
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, a.tree.N, a.tree.Hash, index, leaf); err != nil {
		return err
	}
	a.summary.Inclusions++
	byHash, err := a.server.get("log/entry/" + hex.EncodeToString(leaf[:]))
	if err != nil {
		return err
	}
	if !bytes.Equal(byHash, entry) {
		return fmt.Errorf("another entry is served by its hash")
	}
	return a.checkReceipt(index, entry)
}

func (a *Audit) checkReceipt(index int64, entry []byte) error {
	var envelope struct {
		Payload     []byte `json:"payload"`
		PayloadType string `json:"payloadType"`
	}
	if err := json.Unmarshal(entry, &envelope); err != nil {
		return err
	}
	if envelope.PayloadType != "application/vnd.palinode.notice.v1+json" {
		return nil
	}
	id := sha256.Sum256(envelope.Payload)
	data, err := a.server.get("v1/notices/" + hex.EncodeToString(id[:]) + "/proof")
	if err != nil {
		return err
	}
	receipt, err := parseReceipt(data)
	if err != nil {
		return err
	}
	tree, err := a.keys.open(receipt.checkpoint, nil)
	if err != nil {
		return fmt.Errorf("the checkpoint of the receipt: %w", err)
	}
	if receipt.index != index {
		return fmt.Errorf("the receipt is for entry %d", receipt.index)
	}
	if err := tlog.CheckRecord(receipt.proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return fmt.Errorf("the receipt: %w", err)
	}
	a.summary.Receipts++
	return nil
}

// lookBeyond asks for what the checkpoint does not imply: the next width and the next tile of each level, and of the bundles.
func (a *Audit) lookBeyond() error {
	for level := -1; level < 8; level++ {
		held := a.tree.N >> (height * uint(max(level, 0)))
		tile := tlog.Tile{H: height, L: level, N: held >> height, W: int(held%(1<<height)) + 1}
		beyond := []tlog.Tile{tile, {H: height, L: level, N: tile.N, W: 1 << height}, {H: height, L: level, N: tile.N + 1, W: 1}}
		for _, tile := range beyond {
			status, body, err := a.server.ask(path(tile))
			if err != nil {
				return err
			}
			if status != http.StatusNotFound {
				return fmt.Errorf("/%s is beyond the checkpoint, but has status %d and %d bytes", path(tile), status, len(body))
			}
			a.summary.Absent++
		}
	}
	return nil
}

// readMonitor asks a witness what it cosigned of this log last: a checkpoint that the log signed, of this very tree.
func (a *Audit) readMonitor(base string) error {
	origin := sha256.Sum256([]byte(a.keys.log.Name()))
	cosigned, err := newServer(base).get("witness/" + hex.EncodeToString(origin[:]) + "/checkpoint")
	if err != nil {
		return err
	}
	tree, err := a.keys.open(cosigned, nil)
	if err != nil {
		return fmt.Errorf("what %s cosigned: %w", base, err)
	}
	if err := a.extends(tree); err != nil {
		return fmt.Errorf("what %s cosigned: %w", base, err)
	}
	a.summary.Monitored++
	return nil
}

// extends proves from the served tiles that the log only grew since an earlier checkpoint.
func (a *Audit) extends(earlier tlog.Tree) error {
	if earlier.N > a.tree.N {
		return fmt.Errorf("size %d was signed before, and now the log has %d", earlier.N, a.tree.N)
	}
	root, err := a.rootAt(earlier.N)
	if err != nil {
		return err
	}
	if root != earlier.Hash {
		return fmt.Errorf("at size %d another root was signed before", earlier.N)
	}
	if earlier.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(a.tree.N, earlier.N, tlog.TileHashReader(a.tree, a.server))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, a.tree.N, a.tree.Hash, earlier.N, earlier.Hash); err != nil {
		return err
	}
	// What the earlier checkpoint implied must still be there, at the widths it implied.
	_, err = tlog.ProveRecord(earlier.N, earlier.N-1, tlog.TileHashReader(earlier, a.server))
	return err
}

func (a *Audit) compareWithSeen(folder string, checkpoint []byte) error {
	if folder == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.checkpoint"))
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		earlier, err := a.keys.open(data, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := a.extends(earlier); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.summary.Consistent++
	}
	name := filepath.Join(folder, fmt.Sprintf("%012d.checkpoint", a.tree.N))
	return os.WriteFile(name, checkpoint, 0o644)
}

// min and max are not in this version of Go.
func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}
