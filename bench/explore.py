import sys, time
import numpy as np
from calibration.populations import *
from core.deciding.binnings import Options
from core.deciding.comparisons import compare
from core.deciding.decisions import POLICIES, Limits
from core.profiling.profiles import Profile
from core.deciding.evidence import weigh
def run(pop, n, m, reps, seed, features=20):
    rng=np.random.default_rng([seed,n,m]+list(pop.name.encode()))
    p=[];fl=0;fl1=0;f1=0;f2=0;ks=[];st=0; ins=0
    for _ in range(reps//features):
        names=[str(i) for i in range(features)]
        kinds=dict.fromkeys(names,pop.kind)
        A=Profile(n,{x:pop.draw(rng,n) for x in names},kinds)
        B=Profile(m,{x:pop.draw(rng,m) for x in names},kinds)
        C=compare(A,B,options=Options(identifiers=True))
        F=POLICIES['calibrated'](C,Limits())
        p+=[f.evidence.p for f in F]
        fl+=sum(f.state.value in('alert','warn') for f in F)
        st+=sum(f.state.value=='stable' for f in F)
        fl1+=sum(f.evidence.p<=.05 and f.evidence.corrected>=.01*np.log(2) for f in F)
        F=POLICIES['fixed'](C,Limits())
        f1+=sum(f.value>.1 for f in F); f2+=sum(f.value>.2 for f in F)
    p=np.array(p);R=len(p)
    return (p<=.05).mean()*100,(p<=.01).mean()*100,fl/R*100,fl1/R*100,f1/R*100,f2/R*100,st/R*100
SIZES=[(30,30),(1000,30),(100,100),(1000,100),(200,200),(1000,200),(1000,1000),(10000,1000),(1000,10000),(10000,10000),(100000,1000),(1000,100000),(100000,100000),(1000000,1000000)]
if __name__=='__main__':
    which=sys.argv[1]; reps=int(sys.argv[2])
    pops=NUMERIC if which=='n' else CATEGORICAL
    for n,m in SIZES:
        r=reps if max(n,m)<50000 else reps//2
        for pop in pops:
            t=time.time()
            x=run(pop,n,m,r,1)
            print(f"{n:>8}{m:>8} {pop.name:28} "+" ".join(f"{v:6.2f}" for v in x)+f"  {1e3*(time.time()-t)/r:.1f}ms",flush=True)
