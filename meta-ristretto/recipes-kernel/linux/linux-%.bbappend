# Every kernel recipe whose name begins with linux-; linux-firmware and the like are none.
require ${@'ristretto-kernel.inc' if bb.data.inherits_class('kernel', d) else ''}
