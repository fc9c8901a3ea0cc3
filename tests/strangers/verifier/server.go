package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// height of the tiles of C2SP tlog-tiles.
const height = 8

// Server reads over HTTP, and keeps the tiles it read.
type Server struct {
	base   string
	client *http.Client
	tiles  map[string][]byte
}

func newServer(base string) *Server {
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: noRedirect}
	return &Server{base: base, client: client, tiles: map[string][]byte{}}
}

// ask reads what stands at a path, whatever the status.
func (s *Server) ask(path string) (int, []byte, error) {
	answer, err := s.client.Get(s.base + path)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<20))
	return answer.StatusCode, body, err
}

func (s *Server) get(path string) ([]byte, error) {
	status, body, err := s.ask(path)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("GET /%s: status %d", path, status)
	}
	return body, nil
}

// path is the library's own spelling of a tile without its height, which C2SP leaves out; bundles have another name.
func path(tile tlog.Tile) string {
	spelled := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "log/tile/" + strings.Replace(spelled, "data/", "entries/", 1)
}

// Height, ReadTiles and SaveTiles make a tlog.TileReader of it.
func (s *Server) Height() int { return height }

func (s *Server) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := s.tile(tile)
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (s *Server) SaveTiles([]tlog.Tile, [][]byte) {}

func (s *Server) tile(tile tlog.Tile) ([]byte, error) {
	where := path(tile)
	if known, ok := s.tiles[where]; ok {
		return known, nil
	}
	bytes, err := s.get(where)
	if err != nil {
		return nil, err
	}
	if len(bytes) != tile.W*tlog.HashSize {
		return nil, fmt.Errorf("/%s has %d bytes", where, len(bytes))
	}
	s.tiles[where] = bytes
	return bytes, nil
}

// bundle reads the entries of a bundle: each after its length in two bytes.
func (s *Server) bundle(tile tlog.Tile) ([][]byte, error) {
	data, err := s.get(path(tile))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("/%s ends inside a length", path(tile))
		}
		length := int(data[0])<<8 | int(data[1])
		if data = data[2:]; len(data) < length {
			return nil, fmt.Errorf("/%s ends inside an entry", path(tile))
		}
		entries, data = append(entries, data[:length]), data[length:]
	}
	if len(entries) != tile.W {
		return nil, fmt.Errorf("/%s has %d entries", path(tile), len(entries))
	}
	return entries, nil
}
