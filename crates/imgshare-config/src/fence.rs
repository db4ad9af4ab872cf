//! `[fence]`: bounds that no rule can switch off.

use imgshare_protocol::Fence;

use crate::findings::Findings;
use crate::keys;
use crate::table::Table;

/// The fence; without the table, one that holds nothing back.
pub(crate) fn read(top: &Table<'_>, findings: &mut Findings<'_>) -> Fence {
    let Some(table) = top.get("fence").and_then(|entry| entry.table("[fence]", findings)) else {
        return Fence::default();
    };
    let table = table.only(&keys::FENCE, findings);
    let only_known = table.get("only_known_accounts").and_then(|entry| entry.flag(findings));
    Fence {
        only_known_accounts: only_known.unwrap_or_default(),
        max_removals: table.get("max_removals").and_then(|entry| entry.count(0, findings)),
        place: Some(findings.place(&table.header)),
    }
}
