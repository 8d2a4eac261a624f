"""Mail: a letter is a job written with what causes it, and sent until it is taken."""

from incubator.reactions.mail.deliver import init_app as init_app
from incubator.reactions.mail.digests import gather as gather
from incubator.reactions.mail.reactions import subscribe as subscribe
