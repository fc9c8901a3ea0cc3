//! A server that is asked to stop says so before it turns anybody away.

use std::time::Duration;

use tempfile::tempdir;

use crate::posting::{Posted, Poster};
use crate::server_process::Launch;
use crate::waiting::eventually;

#[tokio::test]
async fn readyz_says_that_the_server_is_stopping_while_it_still_answers_and_takes_notices() {
    let folder = tempdir().unwrap();
    let launch = Launch::on(folder.path().join("a")).with_variable("PALINODE_SERVER__DRAIN_SECONDS", "3");
    let mut server = launch.start();
    let mut poster = Poster::new("stopping");
    assert_eq!(server.get("readyz").await.status, 200);
    server.terminate();
    let said = eventually("readyz says that the server is stopping", async || {
        let ready = server.get("readyz").await;
        (ready.status == 503).then(|| String::from_utf8(ready.body).unwrap())
    });
    let said = said.await;
    assert!(said.contains("urn:palinode:problem:stopping") && said.contains("ask another one"), "{said}");
    assert_eq!(server.get("v1/server").await.status, 200);
    let posted = poster.post(&server).await;
    assert!(matches!(posted, Posted::Taken), "{posted:?}");
    assert_eq!(server.ended_within(Duration::from_secs(10)).await.code(), Some(0));
    poster.finds_everything_on(&launch.start()).await;
}
