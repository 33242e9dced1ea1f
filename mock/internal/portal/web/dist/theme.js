try{let t=localStorage.getItem("standin.theme");(t==="light"||t==="dark")&&(document.documentElement.dataset.theme=t)}catch{}
