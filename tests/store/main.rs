//! The contract of the storage ports as one story that every store must live through.
//!
//! A store takes part by implementing [`Backend`] and one line of [`contract`]: what is written here names no engine. The
//! chapters use batches made by hand, so that they fail where the store is wrong and not where the rules above it are; the last
//! one runs a whole ledger.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what a test cannot do fails it")]

mod backend;
mod documents;
mod index;
mod ledger;
mod log;
mod made;

use backend::{Backend, Sqlite};

/// Runs every chapter on a store that was just made.
macro_rules! contract {
    ($store:ident, $backend:ty: $($room:ident::$chapter:ident),* $(,)?) => {
        mod $store {
            use super::*;
            $(
                #[test]
                fn $chapter() {
                    $room::$chapter(&<$backend as Backend>::fresh());
                }
            )*
        }
    };
}

/// The table of contents.
macro_rules! chapters {
    ($store:ident, $backend:ty) => {
        contract! {
            $store, $backend:
            log::a_new_store_holds_nothing,
            log::what_was_appended_is_read_on_every_connection,
            log::an_append_onto_another_head_writes_nothing,
            log::an_append_that_leaves_a_hole_writes_nothing,
            log::an_append_that_fails_half_way_writes_nothing,
            log::only_an_appended_head_is_published_and_twice_is_harmless,
            log::published_heads_are_read_in_order,
            log::a_tile_is_cut_to_the_asked_width_and_never_filled_up,
            log::reads_are_bounded_by_the_tree_size,
            log::the_head_record_is_replaced_as_a_whole,
            log::cosignatures_are_kept_by_witness_and_the_latest_own_time_is_remembered,
            index::facts_tell_what_is_named_from_what_is_derived,
            index::what_was_asked_before_is_known_anew_when_an_entry_adds_to_it,
            index::edges_and_lists_are_found_by_what_they_point_at,
            index::every_filter_of_a_search_narrows_it,
            index::rows_are_read_back_as_they_were_written,
            index::a_further_entry_of_a_notice_adds_no_row,
            index::entries_of_an_issuer_are_counted_and_issuers_listed_in_order,
            documents::a_document_is_awaited_then_available,
            documents::a_document_that_is_buried_is_found_nowhere_and_never_comes_back,
            documents::a_removal_is_ordered_until_it_is_struck_off,
            documents::documents_that_are_named_and_not_here_are_missing,
            documents::a_grant_is_good_for_its_documents_until_it_ends,
            documents::a_grant_that_ended_is_forgotten_when_the_next_one_is_given,
            documents::documents_come_with_the_batch_that_names_them,
            ledger::a_ledger_lives_on_it_and_finds_everything_again,
        }
    };
}

chapters!(sqlite, Sqlite);
